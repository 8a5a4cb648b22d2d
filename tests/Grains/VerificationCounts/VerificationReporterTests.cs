using KeysCluster.Api.VerificationCounts;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VerificationCounts;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.VerificationCounts;

public sealed class VerificationReporterTests : IDisposable
{
    private static readonly DateTimeOffset Start = VerificationLimits.GetBucketStart(TestData.Start);

    private readonly VerificationCounter _counter = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly FakeLogger<VerificationReporter> _logger = new();
    private readonly List<(string Project, VerificationBucket Bucket)> _received = [];
    private readonly VerificationReporter _reporter;
    private Func<Task> _receiveAsync = () => Task.CompletedTask;

    public VerificationReporterTests() => _reporter = new VerificationReporter(
        _counter,
        CallProxy.Create<IGrainFactory>((_, arguments) => CallProxy.Create<IVerificationCountGrain>(
            (_, buckets) => ReceiveAsync((string)arguments[0]!, (IReadOnlyList<VerificationBucket>)buckets[0]!))),
        _clock,
        _logger);

    public void Dispose() => _reporter.Dispose();

    [Fact]
    public async Task Each_verification_is_sent_once_to_the_grain_of_its_project()
    {
        Record(TestData.Project, VerdictCode.Active, 3);
        Record(TestData.Project, VerdictCode.NotFound, 1);
        Record(TestData.OtherProject, VerdictCode.Active, 2);

        await SendAsync();
        await SendAsync();
        Record(TestData.Project, VerdictCode.Active, 1);
        await SendAsync();

        Assert.Equal(4, Sum(TestData.Project, VerdictCode.Active));
        Assert.Equal(1, Sum(TestData.Project, VerdictCode.NotFound));
        Assert.Equal(2, Sum(TestData.OtherProject, VerdictCode.Active));
        Assert.Equal(3, _received.Count);
    }

    [Fact]
    public async Task The_counts_are_sent_every_ten_seconds()
    {
        await _reporter.StartAsync(CancellationToken.None);
        Record(TestData.Project, VerdictCode.Active, 1);

        await Wait.UntilAsync(() =>
        {
            _clock.Advance(VerificationReporter.Interval);
            return _received.Count > 0;
        });

        await _reporter.StopAsync(CancellationToken.None);
        Assert.Equal(1, Sum(TestData.Project, VerdictCode.Active));
    }

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(OrleansMessageRejectionException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(TypeLoadException))]
    [InlineData(typeof(ArgumentException))]
    public async Task A_failed_call_loses_nothing_and_each_count_keeps_its_period(Type failure)
    {
        Record(TestData.Project, VerdictCode.Active, 1);
        _receiveAsync = () => throw (Exception)System.Runtime.CompilerServices.RuntimeHelpers
            .GetUninitializedObject(failure);
        await SendAsync();
        _clock.Advance(VerificationLimits.BucketSize);
        Record(TestData.Project, VerdictCode.Active, 2);
        await SendAsync();

        _receiveAsync = () => Task.CompletedTask;
        await SendAsync();

        Assert.Equal(
            [(Start, 1), (Start + VerificationLimits.BucketSize, 2)],
            _received.Select(entry => (entry.Bucket.Start, entry.Bucket.Counts[VerdictCode.Active])));
        Assert.Contains(_logger.Collector.GetSnapshot(), entry => entry.Id.Id == 440);
    }

    [Fact]
    public async Task Counts_that_cannot_be_sent_for_an_hour_are_discarded()
    {
        _receiveAsync = () => throw new TimeoutException();
        for (var period = 0; period <= ProjectVerifications.MaxUnsentBuckets; period++)
        {
            Record(TestData.Project, VerdictCode.Active, 1);
            await SendAsync();
            _clock.Advance(VerificationLimits.BucketSize);
        }

        _receiveAsync = () => Task.CompletedTask;
        await SendAsync();

        Assert.Equal(ProjectVerifications.MaxUnsentBuckets, _received.Count);
        Assert.Equal(Start + VerificationLimits.BucketSize, _received[0].Bucket.Start);
        Assert.Single(_logger.Collector.GetSnapshot(), entry => entry.Id.Id == 441);
    }

    [Fact]
    public async Task A_silo_that_hangs_delays_the_counts_of_others_by_ten_seconds_at_most()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiveAsync = () =>
        {
            called.SetResult();
            return new TaskCompletionSource().Task;
        };
        Record(TestData.Project, VerdictCode.Active, 1);
        var sending = SendAsync();
        await called.Task.WaitAsync(Wait.Timeout);
        _clock.Advance(VerificationReporter.Interval);
        await sending.WaitAsync(Wait.Timeout);

        _receiveAsync = () => Task.CompletedTask;
        await SendAsync();

        Assert.Equal(1, Sum(TestData.Project, VerdictCode.Active));
    }

    [Fact]
    public async Task Memory_is_bounded_and_projects_without_verifications_make_room()
    {
        for (var number = 0; number < VerificationCounter.MaxProjects; number++)
            Record(ProjectId.New(Start), VerdictCode.Active, 1);
        Record(TestData.Project, VerdictCode.Active, 1);
        await SendAsync();
        Assert.Equal(0, Sum(TestData.Project, VerdictCode.Active));
        Assert.Equal(VerificationCounter.MaxProjects, _received.Count);

        await SendAsync();
        Record(TestData.Project, VerdictCode.Active, 1);
        await SendAsync();

        Assert.Equal(1, Sum(TestData.Project, VerdictCode.Active));
        Assert.Single(_counter.Projects);
    }

    [Fact]
    public void A_verification_of_a_known_project_allocates_nothing()
    {
        Record(TestData.Project, VerdictCode.Active, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Record(TestData.Project, VerdictCode.Active, 100);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task No_verification_is_lost_while_others_are_counted_and_sent()
    {
        const int PerTask = 20_000;
        var recording = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Record(TestData.Project, VerdictCode.Active, PerTask))));
        while (!recording.IsCompleted) await SendAsync();
        await recording;
        await SendAsync();

        Assert.Equal(4 * PerTask, Sum(TestData.Project, VerdictCode.Active));
    }

    private Task SendAsync() => _reporter.SendAsync(CancellationToken.None);

    private void Record(ProjectId project, VerdictCode code, int times)
    {
        for (var i = 0; i < times; i++) _counter.Record(project, code);
    }

    private long Sum(ProjectId project, VerdictCode code)
    {
        lock (_received)
        {
            return _received.Where(entry => entry.Project == project.ToString())
                .Sum(entry => entry.Bucket.Counts.GetValueOrDefault(code));
        }
    }

    private async Task ReceiveAsync(string project, IReadOnlyList<VerificationBucket> buckets)
    {
        await _receiveAsync();
        lock (_received) _received.AddRange(buckets.Select(bucket => (project, bucket)));
    }
}
