using System.Globalization;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>
/// The wall clock of a process, which a test sets while the process runs (libfaketime). Its monotonic clock is real.
/// </summary>
internal sealed class FakeClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public FakeClock(TimeSpan offset) => Set(offset);

    /// <summary>The environment variables of the process.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", SearchOption.AllDirectories).First(),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        // In seconds. Without a cache, the process reads the file whenever it reads its clock.
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // Without it, libfaketime polls in every timed wait.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Sets the clock to an offset from the real time.</summary>
    public void Set(TimeSpan offset)
    {
        // The process reads the file at any time: it must not see an empty one.
        var seconds = offset.TotalSeconds.ToString("+0.###;-0.###;+0", CultureInfo.InvariantCulture);
        File.WriteAllText(_file + ".new", seconds);
        File.Move(_file + ".new", _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);
}
