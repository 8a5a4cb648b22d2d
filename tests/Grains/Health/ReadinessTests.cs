using KeysCluster.Api.Cluster;
using KeysCluster.Api.Health;
using KeysCluster.Grains.Tests.TestSilo;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Health;

public sealed class ReadinessTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly TestHealthChecks _checks = new();
    private readonly Readiness _readiness;

    public ReadinessTests() => _readiness = new Readiness(_checks, _clock);

    [Fact]
    public async Task Any_number_of_probes_runs_the_checks_once_a_second()
    {
        for (var i = 0; i < 1000; i++) await _readiness.CheckAsync();
        _clock.Advance(Second - TestData.Millisecond);
        await _readiness.CheckAsync();
        Assert.Equal(1, _checks.RunCount);

        _clock.Advance(TestData.Millisecond);
        for (var i = 0; i < 1000; i++) await _readiness.CheckAsync();

        Assert.Equal(2, _checks.RunCount);
    }

    [Fact]
    public async Task A_probe_sees_a_change_within_a_second()
    {
        Assert.Equal(HealthStatus.Healthy, (await _readiness.CheckAsync()).Status);
        _checks.Status = HealthStatus.Unhealthy;

        _clock.Advance(Second);

        Assert.Equal(HealthStatus.Unhealthy, (await _readiness.CheckAsync()).Status);
    }

    [Fact]
    public async Task Probes_that_arrive_during_a_slow_check_share_it()
    {
        _checks.Block = new TaskCompletionSource();
        var first = _readiness.CheckAsync();
        _clock.Advance(10 * Second);
        var second = _readiness.CheckAsync();
        _checks.Block.SetResult();

        Assert.Same(await first, await second);
        Assert.Equal(1, _checks.RunCount);
    }

    /// <summary>Its lease is the permission to answer from the cache, whatever else is unavailable.</summary>
    [Theory]
    [InlineData(1, false, HealthStatus.Healthy)]
    [InlineData(1, true, HealthStatus.Degraded)]
    [InlineData(0, true, HealthStatus.Unhealthy)]
    [InlineData(0, false, HealthStatus.Unhealthy)]
    public async Task A_silo_is_ready_while_it_has_a_lease(
        long epoch, bool isRenewalFailing, HealthStatus expected)
    {
        var check = new LeaseHealthCheck(new TestLease { Epoch = epoch, IsRenewalFailing = isRenewalFailing });

        Assert.Equal(expected, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    /// <summary>Without a lease, a silo that is reachable answers every validation of a front end.</summary>
    [Theory]
    [InlineData(1, false, true, HealthStatus.Healthy)]
    [InlineData(1, true, false, HealthStatus.Degraded)]
    [InlineData(0, true, true, HealthStatus.Degraded)]
    [InlineData(0, false, true, HealthStatus.Degraded)]
    [InlineData(0, true, false, HealthStatus.Unhealthy)]
    [InlineData(0, false, false, HealthStatus.Unhealthy)]
    public async Task A_front_end_is_ready_while_it_has_a_lease_or_reaches_a_silo(
        long epoch, bool isRenewalFailing, bool isSiloReachable, HealthStatus expected)
    {
        var silos = new SiloReachability(_clock);
        if (isSiloReachable) await silos.Invoke(new TestOutgoingCall());
        var lease = new TestLease { Epoch = epoch, IsRenewalFailing = isRenewalFailing };

        var result = await new LeaseHealthCheck(lease, silos).CheckHealthAsync(new HealthCheckContext());

        Assert.Equal(expected, result.Status);
    }

    /// <summary>Counts its runs. A test sets the result.</summary>
    private sealed class TestHealthChecks : HealthCheckService
    {
        public int RunCount { get; private set; }

        public HealthStatus Status { get; set; } = HealthStatus.Healthy;

        public TaskCompletionSource? Block { get; set; }

        public override async Task<HealthReport> CheckHealthAsync(
            Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
        {
            RunCount++;
            if (Block is { } block) await block.Task;
            return new HealthReport(new Dictionary<string, HealthReportEntry>(), Status, TimeSpan.Zero);
        }
    }
}
