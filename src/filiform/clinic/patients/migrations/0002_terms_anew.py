"""Store the search terms of every patient anew.

What is stored must be folded as what is typed is folded; letters without a mark to take off (ł, ø,
đ) and the parts of names with an apostrophe came in after the first terms had been stored.
"""

from django.db import migrations

from filiform.clinic.patients.terms import index_all


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, _schema: index_all(
                apps.get_model("patients", "Patient"), apps.get_model("patients", "SearchTerm")
            ),
            migrations.RunPython.noop,
        )
    ]
