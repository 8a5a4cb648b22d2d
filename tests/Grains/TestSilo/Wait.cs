using System.Diagnostics;

namespace KeysCluster.Grains.Tests.TestSilo;

internal static class Wait
{
    /// <summary>A test fails when something takes longer than this.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Polls a condition that nothing signals.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Polls a condition that nothing signals.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Timeout)
                throw new TimeoutException("The condition was not met in time.");
            await Task.Delay(1);
        }
    }
}
