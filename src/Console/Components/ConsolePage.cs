using System.Net;
using KeysCluster.Client;
using KeysCluster.Storage;
using KeysCluster.WebConsole.Components.Forms;
using KeysCluster.WebConsole.Http;
using KeysCluster.WebConsole.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Components;

/// <summary>A page that calls the API, and shows why a call failed.</summary>
public abstract class ConsolePage : ComponentBase
{
    /// <summary>The request of the page.</summary>
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    [Inject] private protected ConsoleSession Session { get; set; } = null!;

    [Inject] private protected NavigationManager Location { get; set; } = null!;

    /// <summary>Why the last call failed; null if it did not.</summary>
    protected string? Error { get; private set; }

    /// <summary>
    /// Executes calls of the API. If one fails, the page has the status of the response, and <see cref="Error"/>.
    /// </summary>
    /// <param name="callAsync">The calls.</param>
    /// <param name="form">The form whose field an error is shown by, if it concerns one.</param>
    /// <returns>Whether all succeeded.</returns>
    protected async Task<bool> TryAsync(Func<Task> callAsync, FormState? form = null)
    {
        ArgumentNullException.ThrowIfNull(callAsync);
        try
        {
            await callAsync();
            return true;
        }
        catch (KeysApiException exception) when (exception.StatusCode == HttpStatusCode.Unauthorized)
        {
            // The next request ends the session.
            Location.NavigateTo(ConsolePaths.SignIn);
            return false;
        }
        catch (KeysApiException exception)
        {
            Fail((int)exception.StatusCode, Describe(exception, form));
        }
        catch (Exception exception) when (
            exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException }
                or StorageUnavailableException or OrleansException or TimeoutException)
        {
            Fail(
                StatusCodes.Status503ServiceUnavailable,
                "The service did not answer. A change was applied completely or not at all: reload the page to see.");
        }

        return false;
    }

    /// <summary>Shows that the person may not use a page.</summary>
    protected void FailForLackOf(string permission) => Fail(
        StatusCodes.Status403Forbidden,
        Session.IsAdmin
            ? "An administrator belongs to no project. Sign in with an API key of the project."
            : Session.Can(permission)
                ? "The API key of this session was replaced, and can only read."
                : $"Your {(Session.Account is null ? "API key" : "role")} lacks the permission {permission}.");

    /// <summary>Shows why a form was refused.</summary>
    protected void Fail(int status, string message)
    {
        SetStatus(status);
        Error = message;
    }

    /// <summary>Shows why a form was refused that a page does not send.</summary>
    protected Task FailAsync(int status, string message)
    {
        Fail(status, message);
        return Task.CompletedTask;
    }

    private static string Describe(KeysApiException exception, FormState? form) => exception.ErrorCode switch
    {
        _ when form?.TryAddError(exception) == true => FormState.Refused,
        "idempotency_conflict" =>
            "This form was sent before, with other values. Look at the list, and open the form again to add another.",
        _ => exception.Message,
    };

    /// <summary>
    /// Sets the status of the page when it is sent: a page that has the status 404 while it is rendered is discarded.
    /// </summary>
    protected virtual void SetStatus(int status) => Http.Response.OnStarting(() =>
    {
        Http.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
