using System.ComponentModel;

namespace KeysCluster.Api.Events;

/// <summary>Who caused an event.</summary>
/// <param name="Kind">The kind of the actor.</param>
/// <param name="Id">The id of the actor.</param>
/// <param name="Name">The name of the actor.</param>
internal sealed record EventActor(
    [property: Description("api_key, admin, service, system or database; null from an earlier build.")] string? Kind,
    [property: Description("Such as the id of the API key; null when the actor has none.")] string? Id,
    [property: Description("The display prefix of the API key, or another name.")] string Name);
