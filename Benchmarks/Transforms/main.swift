// hilum-transforms OPERATION ...: runs one transform on raw arrays and prints the CPU seconds of one thread, for the scripts in
// `this folder`. Made only when HILUM_BENCH is set. Each operation says its arguments in its own file.

import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "dran": try dran(Array(arguments.dropFirst()))
case "components": try components(Array(arguments.dropFirst()))
case "bandpass": try bandpass(Array(arguments.dropFirst()))
case "equalize": try equalize(Array(arguments.dropFirst()))
case "n4": try n4(Array(arguments.dropFirst()))
case "elastic", "elastic-warp", "gaussian", "affine", "noise", "gamma", "bias-field", "ghosting", "motion":
    try randomBenchmark(arguments)
case "register": try benchmarkRegistration(Array(arguments.dropFirst()))
case "resample": try resample(Array(arguments.dropFirst()))
default:
    FileHandle.standardError.write(Data("usage: hilum-transforms OPERATION ...\n".utf8))
    exit(2)
}
