using System.Globalization;
using KeysCluster.Validation.Time;

namespace KeysCluster.Grains.Tests.Time;

public sealed class BootTimeProviderTests
{
    private readonly BootTimeProvider _clock = new();

    [Fact]
    public void Timestamps_count_the_time_since_the_machine_was_booted()
    {
        // The kernel of Linux reports the same clock, to hundredths of a second.
        if (!OperatingSystem.IsLinux()) return;
        var before = _clock.GetTimestamp();
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        var after = _clock.GetTimestamp();

        var seconds = (double)_clock.TimestampFrequency;
        Assert.InRange(uptime, before / seconds - 0.01, after / seconds + 0.01);
    }

    [Fact]
    public void The_wall_clock_is_that_of_the_machine() =>
        Assert.Equal(TimeProvider.System.GetUtcNow(), _clock.GetUtcNow(), TimeSpan.FromSeconds(1));
}
