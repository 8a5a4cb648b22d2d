using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Hosting;

/// <summary>A reason not to start that a person can mend; its message is all that they need to see.</summary>
public class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Tells people why a host did not start.</summary>
public static class StartupFailure
{
    /// <summary>The message for a failure that a person can mend; null for any other, which shows its stack.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException => exception.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures.Select(Plain)),
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => exception.Message,
        IOException { InnerException: AddressInUseException } => $"{exception.Message} Set another one with --urls.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            "An Orleans port is in use; set Cluster:SiloPort and Cluster:GatewayPort.",
        _ when exception.InnerException is { } inner => Explain(inner),
        _ => null,
    };

    /// <summary>Prints why, on standard error, and gives the exit code.</summary>
    public static int Report(Exception exception)
    {
        Console.Error.WriteLine(Explain(exception) is { } message ? $"KeysCluster cannot start: {message}" : exception.ToString());
        return 1;
    }

    /// <summary>Without the preamble that the options library puts before the messages of annotations.</summary>
    private static string Plain(string failure) =>
        failure.Split("with the error: '", 2) is [_, var message] ? message.TrimEnd('.', '\'') + "." : failure;
}
