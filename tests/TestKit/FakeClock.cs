using System.Globalization;

namespace KeysCluster.TestKit;

/// <summary>
/// The wall clock of a process, which a test can set while the process runs (libfaketime). Its monotonic clock is real.
/// </summary>
public sealed class FakeClock : IDisposable
{
    /// <summary>How long the process may use an offset after <see cref="Set"/>.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    private static readonly string? Library = OperatingSystem.IsLinux()
        ? Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", SearchOption.AllDirectories).FirstOrDefault()
        : null;

    private readonly string _file = Path.GetTempFileName();

    /// <summary>Creates a clock with an offset from the real time.</summary>
    public FakeClock(TimeSpan offset) => Set(offset);

    /// <summary>Whether libfaketime is installed.</summary>
    public static bool IsAvailable => Library is not null;

    /// <summary>The environment variables of the process.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library ?? throw new InvalidOperationException("libfaketime is not installed."),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,

        // In seconds. Without a cache, the process reads the file whenever it reads its clock.
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

        // Otherwise each timed wait of the runtime returns at once.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Sets the offset from the real time.</summary>
    public void Set(TimeSpan offset)
    {
        // The process may read the file at any time: it must not see one that is written only in part.
        var temporary = $"{_file}.new";
        File.WriteAllText(temporary, offset.TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture));
        File.Move(temporary, _file, overwrite: true);
    }

    /// <inheritdoc />
    public void Dispose() => File.Delete(_file);
}
