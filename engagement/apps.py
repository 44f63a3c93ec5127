from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = "Kwartet: what we do with them"

    def ready(self) -> None:
        # Each noun registers its kinds of message and of timeline entry when it is imported.
        # They need the models, which are loaded only now.
        import engagement.events.mails  # noqa: PLC0415
        import engagement.events.timeline  # noqa: PLC0415
        import engagement.interviews.timeline  # noqa: F401, PLC0415
