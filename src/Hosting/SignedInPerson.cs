namespace KeysCluster.Hosting;

/// <summary>
/// A person whom the console has signed in, as a feature of the requests that it makes to the API of its process. No
/// header of a client sets it. Source: docs/adr/0031-sign-in-with-openid-connect.md.
/// </summary>
/// <param name="Subject">The id of the person at the provider, at most 255 characters.</param>
/// <param name="Name">The name of the person in events, at most 200 characters.</param>
/// <param name="ProjectId">The project of the person; null for an administrator.</param>
/// <param name="Permissions">What the person may do in the project. Empty for an administrator.</param>
public sealed record SignedInPerson(
    string Subject, string Name, string? ProjectId, IReadOnlyList<string> Permissions);
