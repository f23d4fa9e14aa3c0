// hilum-transforms OPERATION ...: transforms outside of any pipeline, for scripts that compare them with others.

import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "register": try benchmarkRegistration(Array(arguments.dropFirst()))
default:
    FileHandle.standardError.write(Data("usage: hilum-transforms register ...\n".utf8))
    exit(2)
}
