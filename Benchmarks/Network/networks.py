"""Time vit-l24 and hvit-s beside PyTorch and ONNX Runtime: one image of 512 x 512, two threads, in turn, in one run.

    HILUM_BENCH=1 swift build -c release --product hilum-networks
    python Benchmarks/Network/networks.py .build/release/hilum-networks [--runs 5] [--rounds 3] [--json FILE]

Everyone runs in a process of its own, in turn, `rounds` times; the least time of all runs counts. The second number is
processor time (all threads together): it tells more where something else uses the machine. Needs torch, onnx, onnxruntime.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Peers"))

NETWORKS = ("vit-l24", "hvit-s")
PEERS = ("torch fp32", "torch bf16", "onnxruntime fp32", "onnxruntime int8")
OURS = ("hilum fp32", "hilum bf16", "hilum int8")


def measure(run, runs):
    """[milliseconds by the clock, by the processor] of each run after the first."""
    times = []
    for _ in range(runs + 1):
        start, processor = time.perf_counter(), time.process_time()
        run()
        times.append(((time.perf_counter() - start) * 1e3, (time.process_time() - processor) * 1e3))
    return times[1:]


def peer(name, network, folder, threads, runs):
    """Runs one peer in this process."""
    import network_peers as peers

    if name.startswith("torch"):
        import torch

        torch.set_num_threads(threads)
        kind = torch.bfloat16 if name.endswith("bf16") else torch.float32
        model = peers.vit_l24() if network == "vit-l24" else peers.Cells(peers.hvit_s())
        model, image = model.to(kind), peers.image()[None].to(kind)
        with torch.inference_mode():
            return measure(lambda: model(image), runs)
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(folder / f"{network}-{name.split()[1]}.onnx"), options)
    image = {session.get_inputs()[0].name: peers.image()[None].numpy()}
    return measure(lambda: session.run(None, image), runs)


def export(networks, folder):
    """ONNX files, as float32 and with dynamically quantised weights and activations."""
    import network_peers as peers
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    for name, network in networks.items():
        whole = folder / f"{name}-fp32.onnx"
        torch.onnx.export(network, (peers.image()[None],), str(whole), opset_version=17, dynamo=False)
        quantize_dynamic(str(whole), str(folder / f"{name}-int8.onnx"), weight_type=QuantType.QInt8)


def hilum(program, name, network, folder, threads, runs):
    import network_peers as peers

    said = json.loads(subprocess.run(
        [program, *peers.hilum_arguments(folder, network), name.split()[1], str(threads), str(runs + 1)], check=True,
        capture_output=True, text=True).stdout)
    return list(zip(said["milliseconds"], said["processor"]))[1:], said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json")
    parser.add_argument("--peer", nargs=3, metavar=("NAME", "NETWORK", "FOLDER"), help="used by this script itself")
    a = parser.parse_args()
    if a.peer:
        print(json.dumps(peer(a.peer[0], a.peer[1], Path(a.peer[2]), a.threads, a.runs)))
        return
    import network_peers as peers

    best, notes = {}, {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        export(peers.prepare(folder), folder)
        for _ in range(a.rounds):
            for network in NETWORKS:
                for name in PEERS + OURS:
                    if name in OURS:
                        times, notes[network, name] = hilum(a.program, name, network, folder, a.threads, a.runs)
                    else:
                        times = json.loads(subprocess.run(
                            [sys.executable, "-W", "ignore", __file__, a.program, "--peer", name, network, scratch,
                             "--runs", str(a.runs), "--threads", str(a.threads)],
                            check=True, capture_output=True, text=True).stdout)
                    known = best.get((network, name), (1e9, 1e9))
                    best[network, name] = (
                        min(known[0], *(t[0] for t in times)), min(known[1], *(t[1] for t in times)))
    for network in NETWORKS:
        print(f"\n{network}, 512 x 512, {a.threads} threads\n")
        print("| | ms | processor ms | of torch fp32 | of hilum at this precision |")
        print("| --- | --- | --- | --- | --- |")
        for name in PEERS + OURS:
            wall, processor = best[network, name]
            ours = best[network, "hilum " + name.split()[1]]
            detail = f" ({notes[network, name]['backend']})" if name in OURS else ""
            print(f"| {name}{detail} | {wall:.0f} | {processor:.0f} | {processor / best[network, 'torch fp32'][1]:.2f} | "
                  f"{processor / ours[1]:.2f} |")
    print("\nRatios are of processor time.")
    if a.json:
        Path(a.json).write_text(json.dumps({f"{n} {p}": v for (n, p), v in best.items()}, indent=2))


if __name__ == "__main__":
    main()
