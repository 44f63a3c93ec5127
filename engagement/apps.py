from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = "Kwartet: what we do with them"

    def ready(self) -> None:
        # Each noun registers its kinds of message and of timeline entry when it is imported.
        from engagement.events import mails, timeline  # noqa: F401 - only possible once models are loaded
        from engagement.interviews import timeline as interviews  # noqa: F401 - same
