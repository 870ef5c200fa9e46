"""A `lift serve` of this clone, started and stopped by the scripts beside this file; for Python 3.9 and newer, without packages."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import venv

HOME = pathlib.Path(__file__).resolve().parent.parent
TINY = HOME / "lift4j-core/src/test/resources/tiny"


class Served:
    """A service on a free port of loopback, with a data folder that outlives it; it starts now, and can be asked once ready."""

    def __init__(self, data, options=(), key=None, cwd=None, java=""):
        self.data = pathlib.Path(data)
        self.key = key
        self.errors = self.data.with_name(self.data.name + ".log")
        with open(self.errors, "ab") as errors:
            # In a group of its own, so that a kill takes the process that reads documents along, as a power cut does.
            self.process = subprocess.Popen(
                [HOME / "lift", "serve", "--data", self.data, "--port", "0", "--device", "cpu", "--json", "--quiet", *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True, cwd=cwd,
                env={**os.environ, "LIFT_JAVA_OPTS": f"{os.environ.get('LIFT_JAVA_OPTS', '')} {java}"})
        self.url = None

    def ready(self):
        """Waits until it can be asked."""
        said = self.process.stdout.readline()
        if not said:
            self.process.wait()
            raise SystemExit(f"lift serve ended with {self.process.returncode}: {self.log()}")
        self.url = json.loads(said)["base_url"]
        return self

    def log(self):
        return self.errors.read_text(errors="replace").strip()

    def call(self, method, path, body=None, timeout=60):
        """The status and the answer, as JSON where it is that; the path is what follows /v1."""
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, parsed(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, parsed(refused.read())

    def upload(self, name, content, timeout=60):
        """Uploads bytes under a name as it stands in the form's header; gives the status and the answer."""
        mark = "part-" + os.urandom(8).hex()
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            with urllib.request.urlopen(
                    urllib.request.Request(self.url + "/files", body, headers), timeout=timeout) as answer:
                return answer.status, parsed(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, parsed(refused.read())

    def kill(self):
        """As a power cut would: without a word."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """As Ctrl-C would: what is under way is saved. Gives the exit status."""
        self.process.terminate()
        try:
            return self.process.wait(120)
        finally:
            self.kill()

    def __enter__(self):
        try:
            return self.ready()
        except BaseException:
            self.kill()
            raise

    def __exit__(self, *_):
        self.kill()


def tiny(folder):
    """Copies the tests' tiny random model there, with a window that takes a chat; gives the folder."""
    shutil.copytree(TINY, folder)
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"max_position_embeddings": 256', '"max_position_embeddings": 1024'))
    return folder


def new_key(data, *options):
    """Makes a key for a data folder, as `lift keys add` does."""
    made = subprocess.run(
        [HOME / "lift", "keys", "add", "script", "--data", data, "--json", *options], stdout=subprocess.PIPE, check=True)
    return json.loads(made.stdout)["key"]


def parsed(answer):
    try:
        return json.loads(answer)
    except ValueError:
        return answer


def again_within(*packages):
    """Runs the calling script once more, by a Python that has these packages, which are fetched; gives its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = pathlib.Path(folder) / "bin/python"
        fetched = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
        if fetched.returncode:
            raise SystemExit(f"pip could not fetch {' '.join(packages)}: its words are above.")
        return subprocess.run([python, *sys.argv], env={**os.environ, "LIFT_WITHIN": folder}).returncode


def within():
    """The folder of the virtual environment this runs in, empty outside of one."""
    return os.environ.get("LIFT_WITHIN", "")
