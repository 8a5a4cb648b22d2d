using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>Few and many outstanding reminders, by turns, on one PostgreSQL; then the end of an outage.</summary>
internal static class ReminderRounds
{
    public const int Starts = 3;

    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int Overdue = 10_000;

    /// <summary>How long a node is watched at rest.</summary>
    public static TimeSpan Rest { get; } = TimeSpan.FromSeconds(60);

    public static async Task<ReminderFigures> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        var catchUp = await CatchingUp.RunAsync(server, Overdue);
        Console.WriteLine($"reminders: caught up with {Overdue} in {catchUp.AllAfterSeconds:F0} s");

        await using var few = await OutstandingReminders.SeedAsync(server, Few);
        await using var many = await OutstandingReminders.SeedAsync(server, Many);
        Console.WriteLine("reminders: seeded");
        for (var start = 1; start < Starts; start++)
        {
            await few.RunAsync(TimeSpan.Zero);
            await many.RunAsync(TimeSpan.Zero);
        }

        var fewFigures = await few.RunAsync(Rest);
        var manyFigures = await many.RunAsync(Rest);
        return new ReminderFigures { Outstanding = [fewFigures!, manyFigures!], CatchUp = catchUp };
    }
}
