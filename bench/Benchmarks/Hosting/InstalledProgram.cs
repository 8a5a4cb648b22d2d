namespace KeysCluster.Benchmarks.Hosting;

/// <summary>Finds a program that the benchmarks need and do not bring.</summary>
internal static class InstalledProgram
{
    public static string Find(string name, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"'{name}' is not installed. On Debian and Ubuntu: apt-get install {package}, which tests/Benchmarks/run.sh does.");
    }
}
