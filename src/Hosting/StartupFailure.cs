using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace KeysCluster.Hosting;

/// <summary>Translates an exception that stopped a host into a message for the operator and an exit code.</summary>
public static class StartupFailure
{
    /// <summary>The exit code of a host that failed.</summary>
    public const int ExitCode = 1;

    /// <summary>
    /// Returns the message for a failure that an operator can correct; null for any other failure, which needs its
    /// stack trace.
    /// </summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException => exception.Message,
        OptionsValidationException invalid =>
            string.Join(Environment.NewLine, invalid.Failures.Select(WithoutAnnotationPreamble)),
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => exception.Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Logging.Configuration" } =>
            $"Logging:LogLevel is invalid: {exception.Message}",
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } =>
            $"{exception.Message.Split('\n')[0].TrimEnd()} For HTTPS, set Api:Tls:Certificate and Api:Tls:Key.",
        InvalidDataException { InnerException: FormatException } =>
            $"{exception.Message} {exception.GetBaseException().Message}",
        IOException { InnerException: AddressInUseException } => $"{exception.Message} Set another one with --urls.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            "An Orleans port is in use; set Cluster:SiloPort and Cluster:GatewayPort.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "An address in urls, or Cluster:AdvertisedAddress, does not belong to this machine.",
        DbException => $"The database cannot be used: {exception.Message}",
        AggregateException aggregate => ExplainAll(aggregate.InnerExceptions),
        _ when exception.InnerException is { } inner => Explain(inner),
        _ => null,
    };

    /// <summary>Prints the failure to standard error.</summary>
    /// <returns><see cref="ExitCode"/>.</returns>
    public static int Report(Exception exception)
    {
        var message = Explain(exception) is { } explanation
            ? $"KeysCluster cannot start: {explanation}"
            : exception.ToString();
        Console.Error.WriteLine(message);
        return ExitCode;
    }

    private static string? ExplainAll(IEnumerable<Exception> exceptions)
    {
        var explanations = exceptions.Select(Explain).OfType<string>().ToList();
        return explanations.Count == 0 ? null : string.Join(Environment.NewLine, explanations);
    }

    /// <summary>
    /// Returns the message of the data annotation. The options library puts it in quotes after a sentence that names
    /// the options class.
    /// </summary>
    private static string WithoutAnnotationPreamble(string failure) =>
        failure.Split("with the error: '", 2) is [_, var message] ? message.TrimEnd('.', '\'') + "." : failure;
}
