// A form that was held back by the lock goes on by itself.
for (const form of document.querySelectorAll("form[data-sends-itself]")) form.requestSubmit();
