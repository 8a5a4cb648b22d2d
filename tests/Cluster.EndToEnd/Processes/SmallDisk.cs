using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>A file system in memory that is small enough to fill. Only root can mount it.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Size = "1200m";

    /// <summary>Keeps the log of PostgreSQL small.</summary>
    public static readonly IReadOnlyList<string> PostgresSettings = ["max_wal_size = 128MB", "min_wal_size = 32MB"];

    private readonly string _fillFile;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _fillFile = Path.Combine(folder, "fill");
    }

    public string Folder { get; }

    /// <summary>Mounts a file system; null when this machine does not permit it.</summary>
    public static async Task<SmallDisk?> TryCreateAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return null;
        var folder = Directory.CreateTempSubdirectory("keys-disk-").FullName;
        var (exitCode, _) = await ProgramRunner.RunAsync(
            "mount", ["-t", "tmpfs", "-o", $"size={Size},mode=755", "tmpfs", folder]);
        if (exitCode == 0) return new SmallDisk(folder);
        Directory.Delete(folder);
        return null;
    }

    /// <summary>Leaves no free space.</summary>
    public void Fill()
    {
        using var file = new FileStream(_fillFile, FileMode.Create);
        var block = new byte[1024 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // The file system is full.
        }
    }

    public void Free() => File.Delete(_fillFile);

    public async ValueTask DisposeAsync()
    {
        await ProgramRunner.RunAsync("umount", [Folder]);
        Directory.Delete(Folder);
    }
}
