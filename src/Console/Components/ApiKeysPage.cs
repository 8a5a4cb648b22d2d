using KeysCluster.WebConsole.Http;
using Microsoft.AspNetCore.Components;

namespace KeysCluster.WebConsole.Components;

/// <summary>
/// A page of API keys: of the project in the path, which an admin key needs, or of the project of the session.
/// </summary>
public abstract class ApiKeysPage : ConsolePage
{
    /// <summary>The project in the path.</summary>
    [Parameter] public string? ProjectId { get; set; }

    /// <summary>The project of the API keys.</summary>
    protected string OwnerId => ProjectId ?? Session.Caller.ProjectId ?? "";

    /// <inheritdoc />
    protected sealed override Task OnInitializedAsync()
    {
        if (OwnerId.Length > 0) return TryAsync(LoadAsync);
        Location.NavigateTo(ConsolePaths.Projects);
        return Task.CompletedTask;
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task LoadAsync();
}
