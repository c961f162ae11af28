"""The pure parts of the host step, and its files in a temporary folder."""

import os
import pwd
import stat
import unittest
import zipfile
from typing import Any, Dict, List
from unittest import mock

from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.host import (
    checksum,
    java,
    java_install,
    kernel_files,
    package,
    sysctl,
    unpack,
    user,
)
from rocketmq_agent.host.java import Java
from rocketmq_agent.result import Result
from support import InFolder

DIGEST = "0123456789abcdef" * 8
WANTED = {"min": 8, "max": 21, "preferred": 17, "install": False}


class ChooseJava(unittest.TestCase):
    def test_major_versions(self) -> None:
        self.assertEqual(
            [java.major_of(text) for text in ("1.8.0_392", "11.0.21", "17", "21-ea", "")],
            [8, 11, 17, 21, 0],
        )

    def test_preferred_before_newer(self) -> None:
        found = [Java("/a", "21.0.1", 21), Java("/b", "17.0.9", 17), Java("/c", "17.0.15", 17)]
        self.assertEqual(java.choose(found, WANTED), found[2])

    def test_newest_that_fits(self) -> None:
        found = [Java("/a", "25", 25), Java("/b", "1.8.0_392", 8), Java("/c", "11.0.21", 11)]
        self.assertEqual(java.choose(found, WANTED), found[2])

    def test_none_fits(self) -> None:
        self.assertIsNone(java.choose([Java("/a", "25", 25)], WANTED))


class FindJava(InFolder):
    def install(self, name: str, release: str) -> str:
        program = self.write(
            f"{name}/bin/java", "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n"
        )
        os.chmod(program, 0o755)
        if release:
            self.write(f"{name}/release", release)
        return self.path(name)

    def find(self) -> List[Java]:
        pattern = mock.patch.object(java, "_PATTERNS", (self.path("*"),))
        with pattern, mock.patch("shutil.which", return_value=None):
            return java.find()

    def test_by_release_file_and_by_asking(self) -> None:
        one = self.install("jdk-17", 'IMPLEMENTOR="x"\nJAVA_VERSION="17.0.15"\n')
        other = self.install("jdk-11", "")
        self.assertEqual(
            sorted(self.find()), sorted([Java(one, "17.0.15", 17), Java(other, "11.0.2", 11)])
        )

    def test_the_name_that_an_update_keeps(self) -> None:
        self.install("java-17-openjdk-17.0.9.0.9-2.el8.x86_64", 'JAVA_VERSION="17.0.9"\n')
        for name in ("jre-17", "default-java"):
            os.symlink("java-17-openjdk-17.0.9.0.9-2.el8.x86_64", self.path(name))
        self.assertEqual([found.home for found in self.find()], [self.path("jre-17")])

    def test_pinned_is_kept_while_it_fits(self) -> None:
        old = self.install("jdk-11", "")
        self.assertEqual(java.required(WANTED, old).home, old)

    def test_explicit_must_fit(self) -> None:
        home = self.install("jdk-25", 'JAVA_VERSION="25"\n')
        with self.assertRaisesRegex(StepError, "runs on Java 8 to 21"):
            java.required({**WANTED, "home": home})
        with self.assertRaisesRegex(StepError, "there is no Java at"):
            java.required({**WANTED, "home": self.path("nowhere")})


class InstallJava(unittest.TestCase):
    def test_package_names(self) -> None:
        self.assertEqual(
            java_install.package_name("openjdk-{major}-jre-headless", 8), "openjdk-8-jre-headless"
        )
        self.assertEqual(
            java_install.package_name("java-{legacy}-openjdk-headless", 8),
            "java-1.8.0-openjdk-headless",
        )
        self.assertEqual(
            java_install.package_name("java-{legacy_}-openjdk-headless", 8),
            "java-1_8_0-openjdk-headless",
        )

    def test_order_of_versions(self) -> None:
        self.assertEqual(java_install.majors(WANTED), [17, 21, 11, 8])
        self.assertEqual(java_install.majors({**WANTED, "max": 11, "preferred": 8}), [8, 11])


class Checksums(InFolder):
    def test_form_of_sha512sum(self) -> None:
        self.assertEqual(checksum.parse(f"{DIGEST.upper()}  rocketmq-all-4.9.3.zip\n"), DIGEST)
        self.assertEqual(checksum.parse(DIGEST), DIGEST)

    def test_form_of_gpg(self) -> None:
        groups = [DIGEST[at : at + 8].upper() for at in range(0, 128, 8)]
        lines = [" ".join(groups[at : at + 4]) for at in range(0, 16, 4)]
        text = "rocketmq-all-4.9.3-bin-release.zip: " + "\n    ".join(lines) + "\n"
        self.assertEqual(checksum.parse(text), DIGEST)

    def test_no_digest(self) -> None:
        for text in ("", "<html>404</html>", DIGEST[:-1], DIGEST + "0"):
            self.assertIsNone(checksum.parse(text))

    def test_of_file(self) -> None:
        path = self.write("empty", "")
        self.assertEqual(
            checksum.of_file(path),
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
            "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        )


class Packages(InFolder):
    def archive(self, names: List[str], top: str = "rocketmq-all-9.9.9-bin-release") -> str:
        path = self.path("archive.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name in names:
                info = zipfile.ZipInfo(f"{top}/{name}" if top else name)
                info.external_attr = (0o755 if name.startswith("bin/") else 0o664) << 16
                file.writestr(info, f"content of {name}")
        return path

    def install(self, sha512: str = "") -> Result:
        result = Result()
        wanted = {"version": "9.9.9", "file": "archive.zip"}
        if sha512:
            wanted["sha512"] = sha512
        package.ensure(wanted, self.path("deploy"), self.folder, result)
        return result

    def test_first_component_is_stripped(self) -> None:
        self.archive(["bin/mqbroker", "conf/a.xml", "lib/a.jar"])
        self.assertEqual(self.install().changed, ["RocketMQ 9.9.9"])
        program = self.path("deploy/versions/9.9.9/bin/mqbroker")
        self.assertEqual(stat.S_IMODE(os.stat(program).st_mode), 0o755)
        jar = self.path("deploy/versions/9.9.9/lib/a.jar")
        self.assertEqual(stat.S_IMODE(os.stat(jar).st_mode), 0o644)

    def test_second_time_nothing(self) -> None:
        path = self.archive(["bin/a", "conf/a", "lib/a.jar"])
        self.install()
        os.unlink(path)
        self.assertEqual(self.install().changed, [])

    def test_another_digest_installs_again(self) -> None:
        self.archive(["bin/a", "conf/a", "lib/a.jar"])
        self.install()
        path = self.archive(["bin/a", "conf/a", "lib/b.jar"])
        result = self.install(checksum.of_file(path).upper())
        self.assertEqual(result.changed, ["RocketMQ 9.9.9 (another archive)"])
        self.assertEqual(os.listdir(self.path("deploy/versions/9.9.9/lib")), ["b.jar"])
        self.assertEqual(os.listdir(self.path("deploy/versions")), ["9.9.9"])

    def assert_refused(self, pattern: str, sha512: str = "") -> None:
        with self.assertRaisesRegex(StepError, pattern) as caught:
            self.install(sha512)
        self.assertEqual(caught.exception.code, ExitCode.PACKAGE_FAILED)
        self.assertEqual(os.listdir(self.path("deploy/versions")), [])

    def test_wrong_digest(self) -> None:
        self.archive(["bin/a", "conf/a", "lib/a.jar"])
        self.assert_refused("does not have the SHA-512", DIGEST)

    def test_no_distribution(self) -> None:
        self.archive(["bin/a"])
        self.assert_refused("it has no lib folder")

    def test_truncated(self) -> None:
        path = self.archive(["bin/a", "conf/a", "lib/a.jar"])
        os.truncate(path, os.path.getsize(path) - 30)
        self.assert_refused("is not a zip file")

    def test_damaged_in_the_middle(self) -> None:
        path = self.archive(["bin/a", "conf/a", "lib/" + "a" * 50])
        with open(path, "r+b") as file:
            file.seek(60)
            file.write(b"\xff" * 40)
        self.assert_refused("is not a zip file")

    def test_paths_that_leave_the_folder(self) -> None:
        for name in ("../../etc/passwd", "/etc/passwd", "a/../../b", "a\\..\\..\\b", "C:/b"):
            with self.subTest(name=name), self.assertRaisesRegex(StepError, "outside its folder"):
                unpack.stripped(name)
        self.archive(["top/../../../escaped"], top="")
        self.assert_refused("outside its folder")

    def test_work_is_shared_evenly(self) -> None:
        members = {}
        for name, size in (("a", 10), ("b", 6), ("c", 5), ("d", 1)):
            members[name] = zipfile.ZipInfo(name)
            members[name].file_size = size
        shares = [sorted(part) for part in unpack.share(members, 2)]
        self.assertEqual(shares, [["a", "d"], ["b", "c"]])


class Kernel(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.write("proc/vm/swappiness", "60\n")
        self.write("proc/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n")
        for target, value in (
            ("FILE", self.path("etc/90-rocketmq.conf")),
            ("_FOLDERS", (self.path("etc"),)),
            ("proc_path", lambda key: self.path("proc", key.replace(".", "/"))),
        ):
            patch = mock.patch.object(sysctl, target, value)
            patch.start()
            self.addCleanup(patch.stop)

    def test_applied_kept_and_put_back(self) -> None:
        host: dict[str, object] = {}
        result = Result()
        sysctl.apply({"vm.swappiness": "1"}, False, host, result)
        self.assertEqual(result.changed, ["vm.swappiness 60 -> 1", sysctl.FILE])
        self.assertEqual(sysctl.parse(sysctl.read_text(sysctl.FILE) or ""), {"vm.swappiness": "1"})
        again = Result()
        sysctl.apply({"vm.swappiness": "1"}, False, host, again)
        self.assertEqual(again.changed, [])
        sysctl.restore(host, again)
        self.assertEqual(sysctl.read("vm.swappiness"), "60")
        self.assertFalse(os.path.exists(sysctl.FILE))

    def test_first_old_value_is_the_one_to_go_back_to(self) -> None:
        host: dict[str, object] = {}
        for value in ("1", "10"):
            sysctl.apply({"vm.swappiness": value}, False, host, Result())
        self.assertEqual(host["sysctl"], {"vm.swappiness": "60"})

    def test_numbers_in_a_row(self) -> None:
        result = Result()
        sysctl.apply({"net.ipv4.tcp_rmem": "4096 131072 6291456"}, True, {}, result)
        self.assertEqual(result.changed, [sysctl.FILE])

    def test_unknown_key(self) -> None:
        result = Result()
        sysctl.apply({"vm.extra_free_kbytes": "1"}, False, {}, result)
        self.assertEqual(
            result.warnings,
            ["kernel setting vm.extra_free_kbytes = 1: this kernel has no such setting"],
        )
        with self.assertRaises(StepError):
            sysctl.apply({"vm.extra_free_kbytes": "1"}, True, {}, Result())

    def test_a_later_file_wins(self) -> None:
        path = self.write("etc/99-sysctl.conf", "# c\nvm.swappiness=10\nvm/max_map_count = 5\n")
        result = Result()
        sysctl.apply({"vm.swappiness": "1"}, False, {}, result)
        self.assertEqual(
            result.warnings, [f"after a reboot {path} sets vm.swappiness = 10 and wins"]
        )

    def test_choices_below_sys(self) -> None:
        self.assertEqual(kernel_files.selected("always [madvise] never\n"), "madvise")
        self.assertEqual(
            kernel_files.offered("always [madvise] never\n"), ["always", "madvise", "never"]
        )

    def test_disk_below_partition_and_lvm(self) -> None:
        device = os.stat(self.folder).st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        self.write("sys/devices/nvme0n1/queue/scheduler", "[none] mq-deadline\n")
        self.write("sys/devices/nvme0n1/nvme0n1p1/partition", "1\n")
        os.makedirs(self.path("sys/devices/dm-0/slaves"))
        os.makedirs(self.path("sys/dev/block"))
        partition = self.path("sys/devices/nvme0n1/nvme0n1p1")
        os.symlink(partition, self.path("sys/devices/dm-0/slaves/nvme0n1p1"))
        os.symlink(self.path("sys/devices/dm-0"), self.path("sys/dev/block", number))
        self.assertEqual(
            kernel_files.disks_below(self.path("not/yet/there"), self.path("sys")),
            [os.path.realpath(self.path("sys/devices/nvme0n1"))],
        )


class User(InFolder):
    """Who made the user decides whether it goes with the last node."""

    def ensured(self, gecos: str, home: str) -> Dict[str, Any]:
        host: Dict[str, Any] = {}
        entry = pwd.struct_passwd(("rocketmq", "x", 990, 990, gecos, home, "/usr/sbin/nologin"))
        with mock.patch.object(pwd, "getpwnam", return_value=entry):
            user.ensure("rocketmq", "/data/rocketmq", host, Result())
        return host

    def test_ours_of_a_cluster_before(self) -> None:
        host = self.ensured("Apache RocketMQ", "/data/rocketmq")
        self.assertEqual(host, {"createdUser": "rocketmq"})

    def test_somebody_else_s(self) -> None:
        self.assertEqual(self.ensured("", "/data/rocketmq"), {})
        self.assertEqual(self.ensured("Apache RocketMQ", "/home/rocketmq"), {})
