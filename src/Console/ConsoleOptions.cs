namespace KeysCluster.WebConsole;

/// <summary>Configures the console (the section Console).</summary>
internal sealed class ConsoleOptions
{
    /// <summary>Whether the console exists at <c>/console</c> (<c>Console:Enabled</c>).</summary>
    /// <value>The default is true in the embedded topology, and false in a cluster.</value>
    public bool? Enabled { get; set; }
}
