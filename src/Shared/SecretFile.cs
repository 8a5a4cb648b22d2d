namespace KeysCluster.Files;

/// <summary>
/// The rule for the modes of files with secrets. Compiled into each project that uses it.
/// </summary>
internal static class SecretFile
{
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode Other = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Returns why the mode of a file is refused; null if it is accepted.</summary>
    /// <param name="path">The path of an existing file.</param>
    /// <param name="isGroupReader">
    /// Whether the group of the file may read it. Kubernetes gives mounted secrets the group of the pod and this mode,
    /// because their owner is root.
    /// </param>
    public static string? FindProblem(string path, bool isGroupReader) =>
        FindAcceptedMode(path, isGroupReader) is { } accepted
            ? $"Other users can access the file {path}. Find out who has read it, and run: chmod {accepted} '{path}'"
            : null;

    /// <summary>Returns the mode that a file should have; null if that which it has is accepted.</summary>
    /// <inheritdoc cref="FindProblem"/>
    public static string? FindAcceptedMode(string path, bool isGroupReader)
    {
        if (OperatingSystem.IsWindows()) return null;
        var mode = File.GetUnixFileMode(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        var refused = isGroupReader ? Other | UnixFileMode.GroupWrite : Other | Group;
        if ((mode & refused) == 0) return null;
        return isGroupReader ? "640" : "600";
    }
}
