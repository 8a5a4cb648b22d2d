using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>
/// The wall clock of one process, which libfaketime reads from a file. Its monotonic clock is not changed.
/// </summary>
internal sealed class FakeClock
{
    private const int CacheSeconds = 1;

    private readonly string _file;

    private FakeClock(string library, string file)
    {
        _file = file;
        Write(TimeSpan.Zero);
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_CACHE_DURATION"] = CacheSeconds.ToString(CultureInfo.InvariantCulture),
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

            // Otherwise each timed wait of the runtime returns at once.
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        };
    }

    /// <summary>The environment of the process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Returns a clock without an offset; null when libfaketime is not installed.</summary>
    public static FakeClock? TryCreate(string file)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var library = Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", SearchOption.AllDirectories)
            .FirstOrDefault();
        return library is null ? null : new FakeClock(library, file);
    }

    /// <summary>Sets the offset, and waits until the process has read it.</summary>
    public Task SetOffsetAsync(TimeSpan offset)
    {
        Write(offset);
        return Task.Delay(TimeSpan.FromSeconds(2 * CacheSeconds));
    }

    /// <summary>The process never reads a file that is written only in part.</summary>
    private void Write(TimeSpan offset)
    {
        var temporary = $"{_file}.new";
        File.WriteAllText(temporary, offset.TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture));
        File.Move(temporary, _file, overwrite: true);
    }
}
