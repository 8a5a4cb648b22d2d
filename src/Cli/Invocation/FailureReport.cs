using System.Net;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Output;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Invocation;

/// <summary>Explains a failure to the user.</summary>
internal static class FailureReport
{
    /// <summary>Writes a failure, and returns the exit code for it.</summary>
    public static int Write(
        IAnsiConsole console, Exception exception, CommandRun run, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            WriteHint(console, run.UnknownOutcomeHint);
            return ExitCodes.Interrupted;
        }

        var (message, exitCode) = Describe(exception);
        console.WriteMarkupLine($"[red]Error:[/] {message}");
        if (exception is KeysApiException { RequestId: { } requestId })
            WriteHint(console, $"Request id: {requestId}");
        if (exitCode == ExitCodes.Unavailable) WriteHint(console, run.UnknownOutcomeHint);
        return exitCode;
    }

    private static (string Message, int ExitCode) Describe(Exception exception) => exception switch
    {
        CliException failure => (failure.Message, failure.ExitCode),
        KeysApiException failure => (Describe(failure), GetExitCode(failure.StatusCode)),
        HttpRequestException => ($"The service cannot be reached: {exception.Message}", ExitCodes.Unavailable),
        TimeoutException => (exception.Message, ExitCodes.Unavailable),
        InvalidOperationException or ArgumentException => (exception.Message, ExitCodes.Usage),
        IOException or UnauthorizedAccessException => (exception.Message, ExitCodes.Failure),
        _ => (exception.ToString(), ExitCodes.Failure),
    };

    private static string Describe(KeysApiException failure)
    {
        var code = failure.ErrorCode is { } known ? $" ({known})" : "";
        var missing = failure.MissingPermissions.Count > 0
            ? $" Missing: {string.Join(", ", failure.MissingPermissions)}."
            : "";
        var signIn = failure.StatusCode == HttpStatusCode.Unauthorized ? " Sign in with: keys login" : "";
        return failure.Message + code + missing + signIn;
    }

    private static int GetExitCode(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.Denied,
        HttpStatusCode.NotFound => ExitCodes.NotFound,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => ExitCodes.Unavailable,
        >= HttpStatusCode.InternalServerError => ExitCodes.Unavailable,
        >= HttpStatusCode.BadRequest => ExitCodes.Refused,
        _ => ExitCodes.Failure,
    };

    private static void WriteHint(IAnsiConsole console, string? hint)
    {
        if (hint is not null) console.WriteMarkupLine($"[grey]{hint}[/]");
    }
}
