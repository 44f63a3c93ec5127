from crm.base.parts import declare
from tests.small_app.coffees.models import Coffee

declare(Coffee, "contact", called="coffees")
