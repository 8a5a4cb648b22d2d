using Microsoft.Extensions.Logging;

namespace KeysCluster.Hosting;

/// <summary>
/// Whether the host has started. Until then, the framework's log of a failed start is suppressed: it consists of stack
/// traces, and <see cref="HostRunner"/> prints the failure.
/// </summary>
internal sealed class HostStartState
{
    /// <summary>The category in which the framework logs failures of services, also after the start.</summary>
    public const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile bool _hasStarted;

    /// <summary>Records that the host has started.</summary>
    public void SetStarted() => _hasStarted = true;

    /// <summary>Returns whether to log a message of the category.</summary>
    public bool IsLogged(LogLevel level) =>
        level >= LogLevel.Information && (level < LogLevel.Error || _hasStarted);
}
