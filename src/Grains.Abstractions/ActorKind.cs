namespace KeysCluster;

/// <summary>The kind of an actor. The names are stored in events and never change.</summary>
[GenerateSerializer, Alias("KeysCluster.ActorKind")]
public enum ActorKind
{
    /// <summary>A service in the cluster that called a grain directly.</summary>
    Service,

    /// <summary>An API key of a project.</summary>
    ApiKey,

    /// <summary>The administrator.</summary>
    Admin,

    /// <summary>This service, such as when a reminder erases the hash of an expired secret.</summary>
    System,

    /// <summary>A person who has signed in to the console with an account of the organization.</summary>
    User,
}
