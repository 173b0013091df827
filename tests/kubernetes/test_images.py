"""Archives of images."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path

from lab.kubernetes.images import archive, libraries


def make(folder: Path, text: str = "program") -> Path:
    folder.mkdir()
    (folder / "program").write_text(text)
    files = {"usr/bin/program": folder / "program"}
    return archive(folder / "image.tar", "lab.test/x:1", files, ["/usr/bin/program"], {"run": "x"})


def test_the_same_files_make_the_same_image(tmp_path: Path) -> None:
    first, second = make(tmp_path / "a"), make(tmp_path / "b")
    assert _config(first) == _config(second)
    assert _config(first) != _config(make(tmp_path / "c", "another"))


def test_it_holds_the_files_below_their_folders(tmp_path: Path) -> None:
    with tarfile.open(make(tmp_path / "a")) as image:
        layer = image.extractfile("layer.tar")
        assert layer
        text = layer.read()
        (tmp_path / "layer.tar").write_bytes(text)
        manifest = image.extractfile("manifest.json")
        assert manifest
        (described,) = json.loads(manifest.read())
    assert described["RepoTags"] == ["lab.test/x:1"]
    config = json.loads(_config(tmp_path / "a" / "image.tar"))
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(text).hexdigest()}"]
    with tarfile.open(tmp_path / "layer.tar") as tar:
        names = tar.getnames()
        assert names.index("usr") < names.index("usr/bin") < names.index("usr/bin/program")
        assert tar.getmember("usr/bin/program").mode == 0o755
        assert tar.getmember("tmp").mode == 0o1777
        assert tar.getmember("run").linkname == "x"
        assert "." not in names


def test_a_script_has_no_libraries_and_a_shell_has(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("#!/bin/sh\n")
    assert libraries(tmp_path / "script") == []
    assert any("libc" in path.name for path in libraries(Path("/bin/sh")))


def _config(path: Path) -> bytes:
    with tarfile.open(path) as image:
        (name,) = [name for name in image.getnames() if len(name) == 64 + len(".json")]
        config = image.extractfile(name)
        assert config
        return config.read()
