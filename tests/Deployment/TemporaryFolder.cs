using System.Runtime.Versioning;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>A folder that is deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("keys-deploy-").FullName;

    /// <summary>Copies a file and replaces a text, which the file must contain.</summary>
    public string CreateBrokenCopy(string file, string text, string replacement)
    {
        var content = File.ReadAllText(file);
        Assert.Contains(text, content, StringComparison.Ordinal);
        var copy = Path.Combine(Root, Path.GetFileName(file));
        File.WriteAllText(copy, content.Replace(text, replacement, StringComparison.Ordinal));
        return copy;
    }

    /// <summary>Copies a file of the repository to the same path below this folder, or below a folder in it.</summary>
    public string CopyFromRepository(string file, string folder = "")
    {
        var target = Path.Combine(Root, folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(Repository.Root, file), target, overwrite: true);
        return target;
    }

    /// <summary>Writes a program in front of those of the machine, and returns the environment that finds it.</summary>
    [UnsupportedOSPlatform("windows")]
    public Dictionary<string, string?> CreateProgram(string name, string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName;
        var program = Path.Combine(folder, name);
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new() { ["PATH"] = $"{folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}" };
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
