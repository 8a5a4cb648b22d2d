namespace KeysCluster.Files;

/// <summary>New files and folders that only their owner can read. Compiled into each project that uses it.</summary>
internal static class OwnerOnlyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a file; fails if it exists.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Creates a folder. One that exists keeps its mode.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Copies a file to a new one, which is on the disk when the call returns.</summary>
    public static void Copy(string source, string target)
    {
        using var input = File.OpenRead(source);
        using var output = Create(target);
        input.CopyTo(output);
        output.Flush(flushToDisk: true);
    }
}
