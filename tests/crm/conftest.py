"""The themes of the strategy, without which no cell names one."""

import pytest

from crm.themes.models import Theme

THEMES = {
    "Battle for talent": "Battle for talent",
    "Internationalisering": "Internationalisation",
    "Duurzaamheid": "Sustainability",
    "Doelgroepen": "Target groups",
    "Financiering": "Funding",
    "Ruimtelijke ordening/mobiliteit": "Spatial planning/mobility",
}


@pytest.fixture
def themes(db: None) -> list[Theme]:
    return [
        Theme.objects.get_or_create(
            name_nl=dutch, defaults={"name_en": english, "slug": f"theme-{position}", "position": position}
        )[0]
        for position, (dutch, english) in enumerate(THEMES.items(), 1)
    ]
