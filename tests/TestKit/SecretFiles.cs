namespace KeysCluster.TestKit;

/// <summary>Files that only their owner can read, as the hosts require of secrets.</summary>
public static class SecretFiles
{
    /// <summary>Writes a file.</summary>
    public static void Write(string path, string content)
    {
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
