using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>Few and many outstanding reminders, by turns, on one PostgreSQL; then the end of an outage.</summary>
internal static class ReminderRounds
{
    public const int StartCount = 2;

    private const int FewReminders = 1_000;
    private const int ManyReminders = 1_000_000;
    private const int OverdueReminders = 2_000;

    /// <summary>How long the nodes are watched at rest, both at the same time.</summary>
    public static TimeSpan IdleDuration { get; } = TimeSpan.FromSeconds(20);

    public static async Task<ReminderFigures> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        var catchUp = await ReminderCatchUp.RunAsync(server, OverdueReminders);
        Console.WriteLine($"reminders: caught up with {OverdueReminders} in {catchUp.AllAfterSeconds:F0} s");

        await using var few = await OutstandingReminders.SeedAsync(server, FewReminders);
        await using var many = await OutstandingReminders.SeedAsync(server, ManyReminders);
        Console.WriteLine("reminders: seeded");
        for (var start = 1; start < StartCount; start++)
        {
            await (await few.StartAsync()).DisposeAsync();
            await (await many.StartAsync()).DisposeAsync();
        }

        await using var fewNode = await few.StartAsync();
        await using var manyNode = await many.StartAsync();
        var figures = await Task.WhenAll(few.MeasureIdleAsync(fewNode, IdleDuration), many.MeasureIdleAsync(manyNode, IdleDuration));
        return new ReminderFigures { Outstanding = figures, CatchUp = catchUp };
    }
}
