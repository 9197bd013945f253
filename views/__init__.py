"""What people see. A view is a function of the desk and of `Ui`, the small state of the screen; it holds no rule.

One component, `views.app.root`, draws the whole screen again after every change; Flet sends only what differs. A screen is a
function `(ui) -> Control` in its own folder; a part is a function `(ui, ...) -> Control` in `parts/`. What lasts for as long as a
screen is shown (the camera, a field's text) lives in `ui.of(route)`. A press calls `ui.do(...)`, which runs the work, shows an
error in the banner, and draws again. Controls that people press carry a label and a stable identifier for tests."""
