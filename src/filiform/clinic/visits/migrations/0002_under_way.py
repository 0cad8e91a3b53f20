from django.db import migrations, models


class Migration(migrations.Migration):
    """What is under way with a patient is found without reading their visits of ten years."""

    dependencies = [("visits", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["patient"],
                name="visit_under_way",
            ),
        ),
    ]
