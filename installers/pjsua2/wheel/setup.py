"""Packs the compiled media core into a wheel; runs inside the build folder, where recipe.py has put wheel.json."""

import json
from pathlib import Path

from setuptools import Extension, setup  # type: ignore[import-untyped]  # Only in the throw-away venv.

plan = json.loads(Path("wheel.json").read_text(encoding="utf-8"))

setup(
    name="pjsua2",
    version=plan["version"],
    description="The PJSIP media core and its Python binding, as Hearthline builds it",
    long_description=plan["description"],
    license="GPL-2.0-or-later",
    license_files=["*.licence"],
    python_requires=">=3.11",
    py_modules=["pjsua2", "pjsua2_build"],
    ext_modules=[
        Extension(
            "_pjsua2",
            ["pjsua2_wrap.cpp"],
            extra_compile_args=plan["compile_args"],
            extra_link_args=plan["link_args"],
        )
    ],
)
