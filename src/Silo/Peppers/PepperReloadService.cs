using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.Options;

namespace KeysCluster.Silo.Peppers;

/// <summary>Applies a valid change of the peppers in the configuration without a restart.</summary>
internal sealed partial class PepperReloadService(
    NamedPeppers peppers,
    IOptionsMonitor<PepperOptions> options,
    PepperRing ring,
    PepperRegistry registry,
    ILogger<PepperReloadService> logger) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private NamedPeppers _peppers = peppers;
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = options.OnChange(_ => Reload());

        // The configuration may have changed since the silo read it.
        Reload();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private void Reload()
    {
        lock (_gate)
        {
            if (!NamedPeppers.TryCreate(options.CurrentValue, out var changed, out var errors))
            {
                LogReloadRefused(logger, string.Join(' ', errors));
                return;
            }

            // Other settings change too.
            if (changed.HasSamePeppers(_peppers)) return;
            _peppers = changed;
            ring.Peppers = changed.Set;
            LogReloaded(logger, string.Join(", ", changed.Names), changed.CurrentName);
            _ = RegisterAsync(changed.Set.Current);
        }
    }

    /// <summary>
    /// Registers the pepper after the reload, which must not wait for the database. If the registration fails, the next
    /// start repeats it; until then, a silo that has only this pepper does not start.
    /// </summary>
    private async Task RegisterAsync(Pepper current)
    {
        try
        {
            await registry.RegisterAsync(current, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogRegistrationFailed(logger, exception);
        }
    }
}
