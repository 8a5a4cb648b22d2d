using CsCheck;
using KeysCluster.Grains.Tests.Cluster;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>
/// Callers at once on one key whose storage is slow, fails, and loses answers, while activations come and go. A failure
/// prints its seed; the environment variable <c>CsCheck_Seed</c> repeats the schedule.
/// </summary>
[Collection(OnCluster.Name)]
public sealed class LinearizabilityTests(KeysTestCluster cluster)
{
    private const int Schedules = 200;

    [Fact]
    public Task Whatever_callers_see_of_a_key_could_have_happened_one_call_after_the_other() =>
        Schedule.Any.SampleAsync(Follow, iter: Schedules, threads: 1);

    private async Task Follow(Schedule schedule)
    {
        var key = await ClusterKey.Create(cluster);
        var secrets = Enumerable.Range('a', 26).ToDictionary(
            letter => (char)letter, letter => letter == 'a' ? key.First : key.Mint());
        var recorder = new Recorder(key, secrets);
        var start = cluster.Now;

        key.Reads.Interfere(schedule.Reads.Select(read => read.ToInterference()));
        key.Writes.Interfere(schedule.Writes.Select(write => write.ToInterference()));
        var letters = new Queue<char>(secrets.Keys.Skip(1));
        await Task.WhenAll(schedule.Callers
            .Select(steps => steps.Select(step => ToAction(step, recorder, key, letters)).ToList())
            .Select(actions => Task.Run(async () =>
            {
                foreach (var action in actions) await action();
            })));
        key.Reads.Calm();
        key.Writes.Calm();

        // Once storage works again, so does the key, and it answers for all that was acknowledged to the last millisecond.
        Assert.NotNull(await recorder.Call(new Request.Rotate(letters.Dequeue())));
        cluster.Clock.SetUtcNow(start.AddHours(24) - Sample.Millisecond);
        var shown = Assert.IsType<Answer.Shown>(await recorder.Call(new Request.Get()));
        foreach (var letter in secrets.Keys.Except(letters))
            Assert.NotNull(await recorder.Call(new Request.Validate(letter)));
        Assert.True(recorder.History.IsLinearizable(), $"Not linearizable:\n{recorder.History}");

        cluster.Clock.Advance(TimeSpan.FromHours(24));
        foreach (var letter in secrets.Keys.Where(letter => letter != shown.Current))
            Assert.False((await key.Verdict(secrets[letter])).IsValid);
    }

    private Func<Task> ToAction((Step Step, int Pick) step, Recorder recorder, ClusterKey key, Queue<char> letters)
    {
        switch (step.Step)
        {
            case Step.Rotate:
                var secret = letters.Dequeue();
                return () => recorder.Call(new Request.Rotate(secret));
            case Step.Validate:
                return () => recorder.Call(new Request.Validate((char)('a' + step.Pick)));
            case Step.Revoke:
                return () => recorder.Call(new Request.Revoke());
            case Step.Get:
                return () => recorder.Call(new Request.Get());
            case Step.MinutePasses:
                return () =>
                {
                    cluster.Clock.Advance(TimeSpan.FromMinutes(1));
                    return Task.CompletedTask;
                };
            case Step.Deactivate:
                return () => cluster.Deactivate(key.GrainId);
            default:
                throw new ArgumentOutOfRangeException(nameof(step));
        }
    }
}
