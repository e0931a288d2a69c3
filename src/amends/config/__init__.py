"""Settings, URLs and system checks of the Django project."""
