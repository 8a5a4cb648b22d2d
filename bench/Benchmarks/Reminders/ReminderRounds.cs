using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>
/// Measures silos with few and with many outstanding reminders, and a silo that starts with overdue reminders.
/// </summary>
internal static class ReminderRounds
{
    public const int StartCount = 2;

    private const int FewReminders = 1_000;
    private const int ManyReminders = 1_000_000;
    private const int OverdueReminders = 2_000;

    /// <summary>How long both idle silos are measured, at the same time.</summary>
    public static TimeSpan IdleDuration { get; } = TimeSpan.FromSeconds(20);

    public static async Task<ReminderFigures> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        var catchUp = await ReminderCatchUp.RunAsync(server, OverdueReminders);
        Console.WriteLine($"reminders: processed {OverdueReminders} in {catchUp.AllAfterSeconds:F0} s");

        await using var few = await OutstandingReminders.SeedAsync(server, FewReminders);
        await using var many = await OutstandingReminders.SeedAsync(server, ManyReminders);
        Console.WriteLine("reminders: seeded");
        for (var start = 1; start < StartCount; start++)
        {
            await (await few.StartAsync()).DisposeAsync();
            await (await many.StartAsync()).DisposeAsync();
        }

        await using var fewSilo = await few.StartAsync();
        await using var manySilo = await many.StartAsync();
        var figures = await Task.WhenAll(
            few.MeasureIdleAsync(fewSilo, IdleDuration), many.MeasureIdleAsync(manySilo, IdleDuration));
        return new ReminderFigures { Outstanding = figures, CatchUp = catchUp };
    }
}
