from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = _("What we do with them")

    def ready(self) -> None:
        # Each noun registers its facets, its kinds of message and of timeline entry, and what a merge means
        # to it, when it is imported. They need the models, which are loaded only now.
        import engagement.compositions.mails  # noqa: PLC0415
        import engagement.compositions.timeline  # noqa: PLC0415
        import engagement.events.facets  # noqa: PLC0415
        import engagement.events.mails  # noqa: PLC0415
        import engagement.events.merging  # noqa: PLC0415
        import engagement.events.timeline  # noqa: PLC0415
        import engagement.inbox.timeline  # noqa: PLC0415
        import engagement.interviews.facets  # noqa: PLC0415
        import engagement.interviews.timeline  # noqa: PLC0415
        import engagement.mailings.merging  # noqa: F401, PLC0415
