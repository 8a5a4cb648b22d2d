using System.ComponentModel;
using System.Runtime.InteropServices;

namespace KeysCluster.Validation.Time;

/// <summary>
/// The clocks of the machine, with timestamps that continue while the machine is suspended. On Linux the timestamps of
/// <see cref="TimeProvider.System"/> stop then, and a lease would outlive the suspension. Windows counts the time of a
/// suspension anyway; elsewhere there is no such clock.
/// </summary>
public sealed partial class BootTimeProvider : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly bool HasBootTime = OperatingSystem.IsLinux() && nint.Size == sizeof(long);

    /// <inheritdoc/>
    public override long TimestampFrequency => HasBootTime ? NanosecondsPerSecond : base.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        if (!HasBootTime) return base.GetTimestamp();
        if (GetClockTime(ClockBootTime, out var time) != 0) throw new Win32Exception();
        return time.Seconds * NanosecondsPerSecond + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int GetClockTime(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
