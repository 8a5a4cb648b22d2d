using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

/// <summary>Runs the readiness checks at most once per second, whatever the number of probes.</summary>
internal sealed class Readiness(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<HealthReport>? _report;
    private long _startedAt;

    public Task<HealthReport> CheckAsync()
    {
        lock (_gate)
        {
            if (_report is null || (_report.IsCompleted && time.GetElapsedTime(_startedAt) >= MaxAge))
            {
                _startedAt = time.GetTimestamp();
                _report = checks.CheckHealthAsync(CancellationToken.None);
            }

            return _report;
        }
    }
}
