using CsCheck;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>
/// Concurrent callers of one key, whose storage is slow, fails and loses responses, while activations come and go. A
/// failure prints its seed; the environment variable <c>CsCheck_Seed</c> repeats the schedule.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class LinearizabilityTests(KeysTestCluster cluster)
{
    private const int ScheduleCount = 200;

    [Fact]
    public Task Concurrent_calls_to_a_key_are_linearizable() => RunSchedulesAsync(cluster.GrainValidator);

    [Fact]
    public Task Concurrent_calls_and_validations_by_the_silo_are_linearizable() =>
        RunSchedulesAsync(cluster.SiloValidator);

    private Task RunSchedulesAsync(IVirtualKeyValidator validator) => Schedule.Any.SampleAsync(
        schedule => RunScheduleAsync(schedule, validator), iter: ScheduleCount, threads: 1);

    private async Task RunScheduleAsync(Schedule schedule, IVirtualKeyValidator validator)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var secrets = Enumerable.Range('a', 26).ToDictionary(
            letter => (char)letter, letter => letter == 'a' ? key.First : key.Mint());
        var recorder = new CallRecorder(key, validator, secrets);
        var start = cluster.Now;

        key.Reads.InjectFaults(schedule.Reads.Select(read => read.ToInjectedFault()));
        key.Writes.InjectFaults(schedule.Writes.Select(write => write.ToInjectedFault()));
        var unusedLetters = new Queue<char>(secrets.Keys.Skip(1));
        await Task.WhenAll(schedule.Callers
            .Select(steps => steps.Select(step => ToAction(step, recorder, key, unusedLetters)).ToList())
            .Select(actions => Task.Run(async () =>
            {
                foreach (var action in actions) await action();
            })));
        key.Reads.ClearFaults();
        key.Writes.ClearFaults();

        // When storage works again, the key does too, and keeps every guarantee to the last millisecond. One
        // call may still be refused: a background write of a last use that failed meanwhile ends the activation.
        Assert.NotNull(
            await recorder.InvokeAsync(new Request.Rotate(unusedLetters.Dequeue()))
            ?? await recorder.InvokeAsync(new Request.Rotate(unusedLetters.Dequeue())));
        cluster.Clock.SetUtcNow(start.AddHours(24) - TestData.Millisecond);
        var shown = Assert.IsType<Response.Retrieved>(await recorder.InvokeAsync(new Request.Get()));
        foreach (var letter in secrets.Keys.Except(unusedLetters))
            Assert.NotNull(await recorder.InvokeAsync(new Request.Validate(letter)));
        Assert.True(recorder.History.IsLinearizable(), $"Not linearizable:\n{recorder.History}");

        cluster.Clock.Advance(TimeSpan.FromHours(24));
        foreach (var letter in secrets.Keys.Where(letter => letter != shown.Current))
            Assert.False((await validator.ValidateAsync(secrets[letter].Reveal())).IsValid);
    }

    private Func<Task> ToAction(
        (CallerStep Step, int Pick) step, CallRecorder recorder, GrainTestKey key, Queue<char> unusedLetters)
    {
        switch (step.Step)
        {
            case CallerStep.Rotate:
                var secret = unusedLetters.Dequeue();
                return () => recorder.InvokeAsync(new Request.Rotate(secret));
            case CallerStep.Validate:
                return () => recorder.InvokeAsync(new Request.Validate((char)('a' + step.Pick)));
            case CallerStep.Revoke:
                return () => recorder.InvokeAsync(new Request.Revoke());
            case CallerStep.Get:
                return () => recorder.InvokeAsync(new Request.Get());
            case CallerStep.AdvanceOneMinute:
                return () =>
                {
                    cluster.Clock.Advance(TimeSpan.FromMinutes(1));
                    return Task.CompletedTask;
                };
            case CallerStep.Deactivate:
                return () => cluster.DeactivateAsync(key.GrainId);
            default:
                throw new ArgumentOutOfRangeException(nameof(step));
        }
    }
}
