using KeysCluster.Silo;

return await KeysNode.Run(args);
