"""Makes the wheel whole: it carries the assets and the built web app, so that a school's computer builds and fetches nothing."""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # a build has a Python of its own, which does not know this folder

from app.settings import ASSETS, WEB  # noqa: E402
from app.web.inputs import of_our_files  # noqa: E402

NOT_BUILT = (
    "The web app is not built from the code as it is now. Run `smallsteps build-web` first, or `make wheel`, which does both."
)


class Whole(build_py):
    """Besides the code, app/_assets and app/_web: app/settings.py looks for them there."""

    def run(self) -> None:
        if not self.editable_mode:
            if not of_our_files(WEB):
                sys.exit(NOT_BUILT)
            shutil.rmtree(self.build_lib, ignore_errors=True)  # else files that have left the code would still be in the wheel
        super().run()
        if not self.editable_mode:
            for source, name in ((ASSETS, "_assets"), (WEB, "_web")):
                shutil.copytree(source, Path(self.build_lib) / "app" / name)


setup(cmdclass={"build_py": Whole})
