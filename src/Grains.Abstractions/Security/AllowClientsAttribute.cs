namespace KeysCluster.Security;

/// <summary>
/// Allows Orleans clients to call a method of a grain. Silos refuse every call of a client to a method without it.
/// </summary>
/// <param name="roles">The clients, as their certificates prove.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowClientsAttribute(ClientRoles roles) : Attribute
{
    /// <summary>The clients that may call the method.</summary>
    public ClientRoles Roles { get; } = roles;
}
