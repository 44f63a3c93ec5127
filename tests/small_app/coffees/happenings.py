from crm.base.happenings import HEARD, Kind, register, register_thing
from tests.small_app.coffees.models import Coffee

DRUNK = register(
    Kind("coffee.drunk", "sun", "conversation", "Had a %(title)s", touches=frozenset({HEARD}), by_person=True)
)
register_thing("coffee", Coffee, capability="coffees.view")
