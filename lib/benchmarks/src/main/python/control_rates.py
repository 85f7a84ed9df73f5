"""Control steps per second of the Control Suite's tasks in Java and in C, by turns: medians of pairs measured half a second after each other.

Usage: source environment/env.sh; python3 lib/benchmarks/src/main/python/control_rates.py CLASS_PATH [rounds]
Needs gcc and libmujoco-dev. CLASS_PATH holds the library and the benchmarks, as in lib/benchmarks/README.md.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

HOME = Path(__file__).resolve().parents[5]
MODELS = HOME / "lib/src/main/resources/worldmodels/env/control"
PHYSICS_STEPS = {"cartpole_swingup": 1, "reacher_easy": 1, "cheetah_run": 1, "finger_spin": 2, "ball_in_cup_catch": 10, "walker_walk": 10}
WARM_UP = 4


def rates(process):
    process.stdin.write("x")
    process.stdin.flush()
    return [float(number) for number in process.stdout.readline().split()]


def start(*command):
    return subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def main(class_path, rounds=15):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(MODELS, folder, dirs_exist_ok=True)
        shutil.copy(MODELS / "no-look.xml", Path(folder) / "look.xml")
        program = Path(folder) / "control_steps"
        subprocess.run(["gcc", "-O2", "-o", program, HOME / "lib/benchmarks/src/main/c/control_steps.c", "-lmujoco", "-lm"], check=True)
        print("| task | C | Java, physics alone | ratio | Java, environment | ratio | with pictures |\n|---|---:|---:|---:|---:|---:|---:|")
        for task, physics_steps in PHYSICS_STEPS.items():
            c = start(program, f"{folder}/{task}.xml", physics_steps)
            java = start(Path(os.environ["JAVA_HOME"]) / "bin/java", f"@{HOME}/environment/jvm.options", "-cp", class_path,
                         "worldmodels.benchmarks.ControlRates", task)
            pairs = [rates(c) + rates(java) for _ in range(int(rounds) + WARM_UP)][WARM_UP:]
            c.kill()
            java.kill()
            in_c, physics, environment, pictures = (median(column) for column in zip(*pairs))
            print(f"| {task} | {in_c:,.0f}/s | {physics:,.0f}/s | {median(p[1] / p[0] for p in pairs):.2f} "
                  f"| {environment:,.0f}/s | {median(p[2] / p[0] for p in pairs):.2f} | {pictures:,.0f}/s |", flush=True)


main(*sys.argv[1:])
