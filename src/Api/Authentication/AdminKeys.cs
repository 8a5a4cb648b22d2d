using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

/// <summary>Recognizes the admin keys. A valid change of the configuration applies to the next request.</summary>
internal sealed partial class AdminKeys : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IOptionsMonitor<AdminKeyOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDisposable? _subscription;
    private volatile AdminKeySet _keys;

    /// <exception cref="StartupException">The configured keys are invalid, or there are none.</exception>
    public AdminKeys(IOptionsMonitor<AdminKeyOptions> options, TimeProvider time, ILogger<AdminKeys> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        lock (_gate)
        {
            // The subscription comes first, so that no change is missed. The lock makes a change wait for the first
            // set.
            _subscription = options.OnChange(_ => Reload());
            _keys = AdminKeySet.TryCreate(options.CurrentValue, out var errors)
                ?? throw new StartupException(string.Join(Environment.NewLine, errors));
        }
    }

    /// <summary>Returns the admin key with a text; null if there is none, or it has expired.</summary>
    public AdminKey? Find(string text) => FindConfigured(text) is { } key && !key.IsExpired(_time.GetUtcNow())
        ? key
        : null;

    /// <summary>Returns the admin key with a text, even if it has expired; null if there is none.</summary>
    public AdminKey? FindConfigured(string text) => _keys.Find(AdminKeyDigest.Compute(text));

    public void Dispose() => _subscription?.Dispose();

    private void Reload()
    {
        lock (_gate)
        {
            if (AdminKeySet.TryCreate(_options.CurrentValue, out var errors) is not { } keys)
            {
                LogReloadRefused(_logger, string.Join(' ', errors));
                return;
            }

            // Other settings change too.
            if (keys.Keys.SequenceEqual(_keys.Keys)) return;
            _keys = keys;
            LogReloaded(_logger, string.Join(", ", keys.Keys.Select(key => key.Name)));
        }
    }
}
